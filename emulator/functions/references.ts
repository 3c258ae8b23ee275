import { messageOf } from "../core/errors";
import type { Log } from "../core/log";
import type { SecretReferences } from "../vault";

const reference = /@Microsoft\.KeyVault\(/i;

/**
 * Replaces Key Vault references in settings by secrets. A setting whose reference cannot be read keeps its text, as on Azure,
 * and the problem is logged and returned.
 */
export function resolveReferences(options: {
    settings: Record<string, string>;
    references: SecretReferences;
    principalId: string | undefined;
    log: Log;
    source: string;
}): { settings: Record<string, string>; problems: string[] } {
    const { references, principalId, source } = options;
    const problems: string[] = [];
    const settings: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.settings)) {
        settings[name] = value;
        if (!reference.test(value)) {
            continue;
        }
        try {
            settings[name] = references.resolve({ text: value, ...(principalId === undefined ? {} : { principalId }) });
        } catch (error) {
            const problem = `App setting '${name}': its Key Vault reference was not resolved: ${messageOf(error)}`;
            problems.push(problem);
            options.log({ level: "error", source, message: problem });
        }
    }
    return { settings, problems };
}
