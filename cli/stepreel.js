#!/usr/bin/env node
// A checkout runs the TypeScript as it is. A published package holds JavaScript, because Node strips no types under
// node_modules.
const entry = import.meta.url.includes('/node_modules/') ? '../dist/cli/main.js' : './main.ts';
await import(entry);
