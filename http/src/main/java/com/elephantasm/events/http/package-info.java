package com.elephantasm.events.http;
