#!/usr/bin/env node
import('../dist/main.js').then(program => program.main());
