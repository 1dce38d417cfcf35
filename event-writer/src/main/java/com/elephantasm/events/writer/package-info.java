package com.elephantasm.events.writer;
