/** Who a caller is and what it may do: authentication, scopes and the spirits that it may see. */
@NullMarked
package com.elephantasm.events.http.access;

import org.jspecify.annotations.NullMarked;
