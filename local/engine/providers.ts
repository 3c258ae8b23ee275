import type { Registration } from "./registration";
import type { ProviderSettings } from "./settings";
import { type Properties, unknownValue } from "./values";

/** The explicit providers of a program, such as `new azure_native.Provider("north", { location: "northeurope" })`. */
export class Providers {
    private readonly known = new Map<string, Properties>();

    /** Remembers a provider, and says what of its settings the resources do not get. */
    add(
        { urn, type, inputs }: Pick<Registration, "type" | "inputs"> & { urn: string },
        { subscriptionId }: ProviderSettings,
    ): string | undefined {
        this.known.set(urn, inputs);
        const given = inputs.subscriptionId;
        return type === "pulumi:providers:azure-native" &&
            typeof given === "string" &&
            ![subscriptionId, unknownValue].includes(given)
            ? `subscriptionId is ${given}, and the local Azure makes everything in ${subscriptionId}. ` +
                  "To use ids of another subscription, set azure-native:subscriptionId in the stack's config."
            : undefined;
    }

    /** The settings for a resource: a location of its explicit provider wins over that of the stack's config. */
    settingsFor({ provider = "" }: Registration, settings: ProviderSettings): ProviderSettings {
        const location = this.known.get(provider)?.location;
        return typeof location === "string" && !["", unknownValue].includes(location)
            ? { ...settings, location }
            : settings;
    }
}

export const isProvider = (type: string): boolean => type.startsWith("pulumi:providers:");
