/** Live stock from a real server, from both of two nodes, and while they come and go. */
@NullMarked
package io.bincard.application.push;

import org.jspecify.annotations.NullMarked;
