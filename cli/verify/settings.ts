import { type ServiceName, serviceNames, services } from "../services";
import { at, isObject } from "../words";

/** The settings in a backend's output `localSettings`. */
export function readSettings(text: unknown): Record<string, unknown> {
    if (typeof text !== "string" || !text.startsWith("{")) {
        return {};
    }
    const values = at(JSON.parse(text), "Values");
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
