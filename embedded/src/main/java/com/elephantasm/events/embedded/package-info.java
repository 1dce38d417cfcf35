package com.elephantasm.events.embedded;
