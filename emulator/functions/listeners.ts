/** Triggers whose listeners start on those instances of a Flex Consumption app that serve HTTP. */
export interface ListenerTable {
    /** Repository, classes and change that the list comes from. */
    source: string;
    date: string;
    /** Binding types. Their case does not matter. */
    triggers: readonly string[];
}

/** The newest list in the Functions host's public source. A Flex instance starts no webhook's listener besides these. */
export const flexListeners: ListenerTable = {
    source: "azure-functions-host: BindingMetadataExtensions, FunctionGroupListenerDecorator, pull request 11489",
    date: "2025-11-21",
    triggers: ["httpTrigger", "eventGridTrigger", "signalRTrigger", "assistantSkillTrigger", "webPubSubTrigger"],
};
