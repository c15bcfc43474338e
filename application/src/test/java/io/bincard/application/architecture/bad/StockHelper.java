package io.bincard.application.architecture.bad;

/** Has a name that says nothing. */
record StockHelper(String sku) {}
