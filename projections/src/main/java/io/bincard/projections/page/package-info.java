/**
 * A page for people that shows the live stock of items which they choose.
 *
 * <p>Plain HTML, style and script, each a file beside this package's classes; no framework, nothing
 * from elsewhere, and the server forbids a browser to run or load anything else. The script asks
 * the public routes, like every other client.
 */
@NullMarked
package io.bincard.projections.page;

import org.jspecify.annotations.NullMarked;
