/**
 * HTTP: routes, requests and answers as plain values, problems (RFC 9457), the web app, health,
 * metrics.
 */
@NullMarked
package kith.web;

import org.jspecify.annotations.NullMarked;
