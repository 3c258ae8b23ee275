import { type ServiceName, serviceNames, services } from "../services";
import { at, isObject, UsageError } from "../words";

/** The settings in a backend's output `localSettings`. */
export function readSettings(text: unknown): Record<string, unknown> {
    if (typeof text !== "string" || !text.startsWith("{")) {
        return {};
    }
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        // The parser's own message would quote the settings.
        throw new UsageError("The output localSettings is not JSON. Export the component's localSettings unchanged.");
    }
    const values = at(json, "Values");
    return isObject(values) ? values : {};
}

/** The service whose connection the settings name. */
export function serviceOf(settings: Record<string, unknown>): ServiceName | undefined {
    return serviceNames.find((name) =>
        Object.keys(settings).some((key) => key.split("__")[0] === services[name].connectionName),
    );
}

export function connectionOf(settings: Record<string, unknown>): "identity" | "accessKey" | undefined {
    const names = Object.keys(settings);
    if (names.some((key) => /__(endpoint|serviceUri)$/i.test(key))) {
        return "identity";
    }
    return names.some((key) => serviceNames.some((name) => services[name].connectionName === key))
        ? "accessKey"
        : undefined;
}
