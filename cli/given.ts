import { UsageError } from "./words";

/** The part of a command's surroundings that options need. */
interface Surroundings {
    env: Record<string, string | undefined>;
    print(line: string): void;
    warn?(line: string): void;
}

const isHttpUrl = (text: string) => /^https?:\/\/[^/]/i.test(text);

/** The value of the environment variable that an option names. */
export function fromEnv({
    flag,
    name,
    env,
}: {
    flag: string;
    name: string | undefined;
    env: Surroundings["env"];
}): string | undefined {
    if (name === undefined) {
        return undefined;
    }
    const value = env[name];
    if (value === undefined || value === "") {
        throw new UsageError(`${flag}: the environment variable ${name} is not set. Set it to the key.`);
    }
    return value;
}

/** The URL for events, from its option or from the environment variable of its twin. */
export function eventHandlerOf({
    given,
    name,
    outside,
}: {
    given: string | undefined;
    name: string | undefined;
    outside: Surroundings;
}): string | undefined {
    const flag = "--event-handler-env";
    if (given !== undefined && name !== undefined) {
        throw new UsageError(`--event-handler and ${flag} both name the URL for events. Give one of them.`);
    }
    if (given !== undefined && !isHttpUrl(given)) {
        throw new UsageError("--event-handler: it must be an absolute http or https URL.");
    }
    warnOfKey({ flag: "--event-handler", url: given, print: outside.warn ?? outside.print });
    const url = fromEnv({ flag, name, env: outside.env });
    if (url !== undefined && !isHttpUrl(url)) {
        // The variable may hold a key, so its value is not shown.
        throw new UsageError(`${flag}: the value of ${name} must be an absolute http or https URL.`);
    }
    return given ?? url;
}

/** Every user of this machine sees the arguments of a process, so a key belongs into an environment variable. */
export function warnOfKey({
    flag,
    url,
    print,
}: {
    flag: string;
    url: string | undefined;
    print(line: string): void;
}): void {
    if (url !== undefined && /[?&](code|sig|key|access_token)=[^&{]/i.test(url)) {
        print(
            `warning  ${flag} contains a key, which every user of this machine can see in the list of processes. Put the URL into an environment variable and name the variable with ${flag}-env.`,
        );
    }
}
