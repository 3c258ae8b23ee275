import type { BindingInfo } from "../worker/types";
import { textOfJson } from "./newtonsoft";

/** Properties of the realtime bindings that are texts in the vendor's attributes. */
const texts = new Set(
    (
        "hub hubName userId idToken connection connectionStringSetting clientProtocol eventName eventType event category " +
        "namespace"
    ).split(" "),
);

/** A binding with texts for numbers and truth values in them. Source: AttributeConverter.cs of azure-webjobs-sdk, CreateDirect. */
export function withTexts(binding: BindingInfo): BindingInfo {
    const properties = Object.entries(binding).map(([name, value]) => [
        name,
        texts.has(name) ? (textOfJson(value) ?? value) : value,
    ]);
    return Object.fromEntries(properties) as BindingInfo;
}
