package com.elephantasm.events.schema;
