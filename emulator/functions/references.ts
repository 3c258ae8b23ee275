import type { Clock } from "../core/clock";
import { messageOf } from "../core/errors";
import type { LogLevel } from "../core/log";
import type { SecretReferences } from "../vault";

const reference = /@Microsoft\.KeyVault\(/i;

/**
 * How long Azure keeps the value of a reference. Source: the section Rotation of
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references, read on 2026-11-26.
 */
export const referenceRefreshMilliseconds = 24 * 60 * 60_000;

export interface SettingReferencesOptions {
    clock: Clock;
    references: SecretReferences;
    log: (level: LogLevel, message: string) => void;
    /** Principal that reads the secrets now. */
    principalId(): string | undefined;
    /** Whether a start without a change of the configuration uses the values that are kept, as on Azure. */
    keepsValues: boolean;
    /** Called when the daily reading found another value, with which the app has to start again. */
    onChange(): void;
}

/** The Key Vault references in an app's settings. */
export interface SettingReferences {
    /**
     * Replaces references by secrets. A setting whose reference cannot be read keeps its text, as on Azure, and the problem is
     * logged and returned.
     */
    resolve(settings: Record<string, string>): { settings: Record<string, string>; problems: string[] };
    /** Forgets all values, because the configuration has changed. */
    forget(): void;
    close(): void;
}

/** Reads secrets when an app starts, and again every 24 hours. */
export function createSettingReferences(options: SettingReferencesOptions): SettingReferences {
    const { clock, references, log, keepsValues } = options;
    /** Values by the text of their setting. */
    const values = new Map<string, string>();
    let cancelRefresh: () => void = () => undefined;

    function read(text: string): string {
        const principalId = options.principalId();
        return references.resolve({ text, ...(principalId === undefined ? {} : { principalId }) });
    }

    function scheduleRefresh(): void {
        cancelRefresh();
        cancelRefresh = clock.after(referenceRefreshMilliseconds, refresh);
    }

    function refresh(): void {
        let isChanged = false;
        for (const [text, before] of values) {
            try {
                const now = read(text);
                isChanged ||= now !== before;
                values.set(text, now);
            } catch (error) {
                log(
                    "warning",
                    `A Key Vault reference was not read again, so its last value stays: ${messageOf(error)}`,
                );
            }
        }
        scheduleRefresh();
        if (isChanged) {
            log("info", "The app starts again, because a secret that its settings refer to has another value.");
            options.onChange();
        }
    }

    return {
        resolve(given) {
            if (!keepsValues) {
                values.clear();
            }
            const isFirst = values.size === 0;
            const problems: string[] = [];
            const settings: Record<string, string> = {};
            for (const [name, text] of Object.entries(given)) {
                settings[name] = text;
                if (!reference.test(text)) {
                    continue;
                }
                try {
                    const value = values.get(text) ?? read(text);
                    values.set(text, value);
                    settings[name] = value;
                } catch (error) {
                    const problem = `App setting '${name}': its Key Vault reference was not resolved: ${messageOf(error)}`;
                    problems.push(problem);
                    log("error", problem);
                }
            }
            if (isFirst && values.size > 0) {
                scheduleRefresh();
            }
            return { settings, problems };
        },
        forget() {
            values.clear();
            cancelRefresh();
        },
        close: () => cancelRefresh(),
    };
}
