package com.elephantasm.events.log;
