#!/usr/bin/env node
// Firefox, with the one WebDriver BiDi command that Playwright cannot do without and Firefox does not have (yet):
// emulation.setMediaFeaturesOverride is answered here, by doing nothing; the rest passes through as it is.
import { spawn } from 'node:child_process';
import { WebSocket, WebSocketServer } from 'ws';

const MISSING = 'emulation.setMediaFeaturesOverride';
const ANNOUNCEMENT = /WebDriver BiDi listening on (ws:\/\/\S+)/;

const firefox = spawn(process.env['KITH_FIREFOX'] ?? 'firefox-esr', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
firefox.once('exit', (code) => process.exit(code ?? 1));
firefox.once('error', (why) => {
  console.error(`Firefox does not start: ${why.message}`);
  process.exit(1);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));

let said = '';
firefox.stderr.on('data', function listen(chunk) {
  process.stderr.write(String(chunk).replace(ANNOUNCEMENT, ''));
  said += chunk;
  const endpoint = ANNOUNCEMENT.exec(said)?.[1];
  if (!endpoint) return;
  firefox.stderr.off('data', listen);
  firefox.stderr.pipe(process.stderr);
  standBetween(endpoint);
});

function standBetween(endpoint) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.once('listening', () =>
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}\n`),
  );
  server.on('connection', (driver, request) => {
    const browser = new WebSocket(endpoint + request.url, { maxPayload: 0, perMessageDeflate: false });
    const waiting = [];
    driver.on('message', (data) => {
      const { id, method } = JSON.parse(data);
      if (method === MISSING) driver.send(JSON.stringify({ type: 'success', id, result: {} }));
      else if (browser.readyState === WebSocket.OPEN) browser.send(String(data));
      else waiting.push(String(data));
    });
    browser.once('open', () => waiting.splice(0).forEach((message) => browser.send(message)));
    browser.on('message', (data) => driver.send(String(data)));
    browser.once('close', () => driver.close());
    driver.once('close', () => browser.close());
    browser.once('error', () => driver.close());
  });
}
