import { join } from "node:path";
import { type HostJsonEffect, hostJsonEffects } from "../../emulator/functions/host/hostJsonEffects";
import { actingProperties, propertiesWithoutEffect } from "../../local/azure/effects";

/** Path of the generated page. */
export const localPropertiesFile = join(__dirname, "..", "local-properties.md");

/** A page that lists, for each resource type, the properties that the local Azure checks and records, and nothing more. */
export function localPropertiesPage(): string {
    const parts = Object.entries(actingProperties).map(([armType, acting]) => {
        const idle = propertiesWithoutEffect(armType, nameOf(armType));
        return [
            `## ${armType}`,
            `**Has an effect:** ${acting.length === 0 ? "nothing but that it exists." : list(acting)}`,
            `**No effect:** ${idle.length === 0 ? "nothing else." : list(idle)}`,
        ].join("\n\n");
    });
    return `${["# Properties without effect in the local Azure", introduction, ...parts, hostJson].join("\n\n")}\n`;
}

const withEffect = (wanted: HostJsonEffect) =>
    list(Object.entries(hostJsonEffects).flatMap(([path, effect]) => (effect === wanted ? [path] : [])));

const hostJson = `## host.json

The Functions host reads host.json when the app starts. It names in the log each property without effect, and each that nobody
knows; Azure ignores the latter without a word. \`*\` stands for any name, and a section stands for all that is in it.

**Has an effect:** ${withEffect("works")}

**No effect:** ${withEffect("none")}

**Refused:** ${withEffect("refused")}`;

const introduction = `<!-- Written by \`npm run docs\` from local/azure/effects.ts. -->

The local Azure checks every property as Azure Resource Manager does: name, type, allowed values, what is required. Then it uses
some and only records the rest. A program that sets a property of the second kind gets it back, and nothing happens: no network
rule blocks, no certificate is asked for, no log is kept. This page lists them all, in the spelling of the request's body (the SDK
leaves out \`properties.\`, and calls \`networkAcls\` of a storage account \`networkRuleSet\`). A test holds the list against the
contract, so that a new property cannot be accepted without a line here.`;

/** Types whose bodies differ by name. */
function nameOf(armType: string): string {
    return armType === "Microsoft.Web/sites/config" ? "appsettings" : armType.endsWith("Policies") ? "ftp" : "x";
}

function list(paths: readonly string[]): string {
    return `${paths.map((path) => `\`${path}\``).join(", ")}.`;
}
