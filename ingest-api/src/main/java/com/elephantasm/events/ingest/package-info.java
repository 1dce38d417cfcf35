package com.elephantasm.events.ingest;
