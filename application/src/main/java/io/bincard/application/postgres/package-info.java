/**
 * What this application needs of PostgreSQL's driver beyond JDBC. It knows no table and no domain;
 * nothing but SQL types comes in.
 */
@NullMarked
package io.bincard.application.postgres;

import org.jspecify.annotations.NullMarked;
