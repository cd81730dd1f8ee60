// Reads one Adaptive Card a line, and writes what Microsoft's own parser says against it, one JSON list a line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { AdaptiveCard, SerializationContext, Version, Versions } =
    createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

function faults({ card, version }) {
    const context = new SerializationContext(Version.parse(version, new SerializationContext()) ?? Versions.v1_5);
    const parsed = new AdaptiveCard();
    parsed.parse(card, context);
    const found = [];
    for (let at = 0; at < context.eventCount; at++) found.push(context.getEventAt(at).message);
    for (const event of parsed.validateProperties().validationEvents) found.push(event.message);
    return found;
}

for await (const line of createInterface({ input: process.stdin })) {
    let said;
    try {
        said = faults(JSON.parse(line));
    } catch (fault) {
        said = [String(fault)];
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
}
