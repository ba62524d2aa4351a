/** Shows the state to programs and people: JSON, event streams and the live page. */
@NullMarked
package org.piswarm.consumer.web;

import org.jspecify.annotations.NullMarked;
