import { type Binding, choiceOf, invalidValue } from "./bindings";
import { propertyOf } from "./json";

/** What the host must find in a realtime trigger. */
interface TriggerShape {
    /** Properties that each constructor of the vendor's attribute takes. */
    required: readonly string[];
    lists: readonly string[];
    choices: Readonly<Record<string, readonly string[]>>;
    /** Properties that make up the event, with the value of those that are left out. */
    event: Readonly<Record<string, string>>;
}

const shapes = new Map<string, TriggerShape>([
    [
        "socketiotrigger",
        {
            required: ["hub", "eventName"],
            lists: ["parameterNames"],
            choices: {},
            event: { hub: "", namespace: "/", eventName: "" },
        },
    ],
    [
        "webpubsubtrigger",
        {
            required: ["eventType", "eventName"],
            lists: ["connections"],
            choices: { eventType: ["system", "user"], clientProtocols: ["all", "webPubSub", "mqtt"] },
            event: { hub: "", eventType: "", eventName: "", clientProtocols: "all" },
        },
    ],
    [
        "signalrtrigger",
        {
            required: ["hubName", "category", "event"],
            lists: ["parameterNames"],
            choices: {},
            event: { hubName: "", category: "", event: "" },
        },
    ],
]);

/**
 * Checks the properties of a realtime trigger. Throws what puts the function in error, while the others run. Sources:
 * AttributeConverter.cs of azure-webjobs-sdk, which makes the trigger from its JSON, and the attributes of the vendor's extensions.
 */
export function checkTrigger(trigger: Binding): void {
    if (trigger.type.toLowerCase() === "timertrigger") {
        readTimer(trigger);
    }
    const shape = shapes.get(trigger.type.toLowerCase());
    if (shape === undefined) {
        return;
    }
    const fail = (reason: string): never => {
        throw new Error(
            `Unable to configure binding '${trigger.name}' of type '${trigger.type}'. This may indicate invalid function.json ` +
                `properties. ${reason}`,
        );
    };
    const given = (name: string) => propertyOf(trigger, name) ?? undefined;
    // No event and no hub of SignalR has an empty name, so the function would never run.
    const missing = shape.required.filter(
        (name) => given(name) === undefined || (given(name) === "" && /^(?:event|hubName)/.test(name)),
    );
    if (missing.length > 0) {
        fail(`The trigger has no ${missing.join(" and no ")}.`);
    }
    for (const name of Object.keys(shape.event)) {
        if (typeof given(name) === "object") {
            fail(`'${name}' is ${JSON.stringify(given(name))}. It must be a text.`);
        }
    }
    for (const name of shape.lists) {
        if (given(name) !== undefined && !Array.isArray(given(name))) {
            fail(`'${name}' is ${JSON.stringify(given(name))}. It must be a list of texts.`);
        }
    }
    const names = trigger.type.toLowerCase() === "signalrtrigger" ? given("parameterNames") : undefined;
    if (Array.isArray(names) && new Set(names.map((name) => String(name).toLowerCase())).size < names.length) {
        throw new Error("Elements in ParameterNames should be ignore case unique.");
    }
    for (const [name, choices] of Object.entries(shape.choices)) {
        const value = given(name);
        if (value !== undefined && choiceOf(value, choices) === undefined) {
            fail(`'${name}' is ${JSON.stringify(value)}. It must be ${choices.join(", ")}.`);
        }
    }
}

/** What the host reads from a timer trigger. */
export interface TimerTrigger {
    /** As it is written, with its settings unresolved. */
    schedule: string;
    runOnStartup: boolean;
    useMonitor: boolean;
}

/**
 * Reads a timer trigger. Throws in the host's words when a property has another type. Source: CoreExtensionsScriptBindingProvider.cs of
 * azure-functions-host.
 */
export function readTimer(trigger: Binding): TimerTrigger {
    const schedule = propertyOf(trigger, "schedule");
    if (typeof schedule === "object" && schedule !== null) {
        throw invalidValue("schedule", "of type String");
    }
    return {
        schedule: String(schedule ?? ""),
        runOnStartup: readFlag(trigger, "runOnStartup", false),
        useMonitor: readFlag(trigger, "useMonitor", true),
    };
}

/** A truth value, also as a text or a number. Source: Value<bool>() of Newtonsoft.Json, which calls Convert.ChangeType of .NET. */
function readFlag(trigger: Binding, name: string, usual: boolean): boolean {
    const value = propertyOf(trigger, name);
    if (value === undefined || typeof value === "boolean") {
        return value ?? usual;
    }
    if (typeof value === "number") {
        return value !== 0;
    }
    const text = typeof value === "string" ? value.trim().toLowerCase() : "";
    if (text !== "true" && text !== "false") {
        throw invalidValue(name, "of type Boolean");
    }
    return text === "true";
}

/** The event of a realtime trigger, in words. The extension takes one function for each, so the words are the same where the events are. */
export function eventOf(trigger: Binding): string | undefined {
    const shape = shapes.get(trigger.type.toLowerCase());
    return shape === undefined
        ? undefined
        : Object.entries(shape.event)
              .map(([name, usual]) => `${name} '${String(propertyOf(trigger, name) ?? usual).toLowerCase()}'`)
              .join(", ");
}

/**
 * Checks the event of a SignalR trigger. Throws in the vendor's words when the extension knows no such event, with which the host does
 * not start. Source: SignalRTriggerDispatcher.cs of Azure/azure-sdk-for-net, Map, which CreateListenerAsync calls.
 */
export function checkSignalREvent({ category, event }: { category: string; event: string }): void {
    const known = ["connections", "messages"];
    if (!known.includes(category.toLowerCase())) {
        throw new Error(`Category ${category} is not supported. Known are ${known.join(", ")}.`);
    }
    const system = ["connected", "disconnected"];
    if (category.toLowerCase() === "connections" && !system.includes(event.toLowerCase())) {
        throw new Error(`Event ${event} is not supported in connections. Known are ${system.join(", ")}.`);
    }
}
