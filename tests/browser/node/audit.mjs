// Audits pages with Lighthouse, one after the other, each in a fresh Chromium.
// node audit.mjs CHROMIUM FLAGS_AS_JSON ADDRESS...: a line of JSON for each audit, on stdout.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath, flags, ...addresses] = process.argv.slice(2);
const devices = { mobile: undefined, desktop: desktopConfig }; // mobile is the default

for (const address of addresses) {
  for (const [device, config] of Object.entries(devices)) {
    const chrome = await launch({ chromePath, chromeFlags: JSON.parse(flags) });
    try {
      const options = { port: chrome.port, logLevel: "error", output: "json" };
      const { lhr } = await lighthouse(address, options, config);
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      console.log(JSON.stringify({ address, device, ...summary(lhr) }));
    } finally {
      await chrome.kill();
    }
  }
}

// Four scores out of 100, and what cost points.
function summary({ categories, audits }) {
  const scores = {};
  const lost = {};
  for (const [name, { score, auditRefs }] of Object.entries(categories)) {
    scores[name] = Math.round(score * 100);
    for (const { id, weight } of auditRefs)
      if (weight > 0 && audits[id].score !== null && audits[id].score < 1)
        lost[id] = audits[id].displayValue || audits[id].title;
  }
  return { scores, lost };
}
