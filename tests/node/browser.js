// Chromium for tests: runs one piece of script a line, with the page at hand, and answers in one.
//
//     node browser.js PLAYWRIGHT CHROMIUM
"use strict";

const readline = require("node:readline");

const [library, executablePath] = process.argv.slice(2);
const { chromium } = require(library);
const AsyncFunction = (async () => {}).constructor;

async function main() {
  // A fresh profile in a folder of its own is what Playwright makes.
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
  const page = await browser.newPage({ offline: true, viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  // Everything that a page asks for, and everything that it complains about.
  const seen = { asked: [], said: [] };
  page.on("request", (request) => seen.asked.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.said.push(message.text());
  });
  page.on("pageerror", (fault) => seen.said.push(String(fault)));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { code, given } = JSON.parse(line);
    let answer;
    try {
      const run = new AsyncFunction("page", "seen", "given", "browser", code);
      answer = { value: (await run(page, seen, given, browser)) ?? null };
    } catch (fault) {
      answer = { fault: String(fault.stack ?? fault) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await browser.close();
}

main();
