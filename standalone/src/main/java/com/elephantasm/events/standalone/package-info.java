package com.elephantasm.events.standalone;
