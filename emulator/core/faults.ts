/** What is broken on purpose. Absent without an inspector. */
export interface FaultTable {
    /** Status with which a handler is said to answer; undefined when the handler is called. */
    handlerError(at: { service: string; hub: string; url: string }): number | undefined;
    /** Milliseconds by which each way between a service and its clients takes longer. */
    delay(service: string): number;
    /** Calls back when a delay begins, changes or ends. */
    onChange(listener: () => void): () => void;
}
