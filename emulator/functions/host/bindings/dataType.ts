import { choiceOf, type DataType, dataTypes } from "../../../../rules/bindings";
import type { TypedData } from "../rpc";
import type { BindingInfo } from "../worker/types";

/** The `dataType` of a binding. The host has refused a value that is none. */
export function dataTypeOf({ dataType }: BindingInfo): DataType {
    return choiceOf(dataType ?? "undefined", dataTypes) ?? "undefined";
}

/**
 * Turns the bytes of a trigger's value into what its `dataType` asks for: bytes, or else a text. The text of a JSON document
 * reaches the code as a value, because workers parse texts.
 */
export function typedBytes(binding: BindingInfo, bytes: Buffer): TypedData {
    const dataType = dataTypeOf(binding);
    return dataType === "binary" || dataType === "stream" ? { bytes } : { string: bytes.toString("utf8") };
}

/** The warning for a trigger's `dataType` that fails on Azure; undefined when there is none. */
export function dataTypeWarning(options: {
    fn: string;
    trigger: BindingInfo;
    takesBytes: boolean;
}): string | undefined {
    const { fn, trigger, takesBytes } = options;
    const dataType = dataTypeOf(trigger);
    if (dataType === "stream" && takesBytes) {
        return (
            `Function '${fn}': dataType 'stream' of its ${trigger.type} gives bytes here. On Azure the host cannot convert ` +
            "the stream for a Node app, and each call fails. Use 'binary'."
        );
    }
    return (dataType === "binary" || dataType === "stream") && !takesBytes
        ? `Function '${fn}': its ${trigger.type} has no value as bytes, so dataType '${dataType}' gives the code undefined, as on Azure.`
        : undefined;
}

/** An input's value in the form of its `dataType`. Throws where the vendor's extension has no such form. */
export function typedInput(options: { binding: BindingInfo; value: unknown; hasText: boolean }): TypedData | undefined {
    const { binding, value } = options;
    const dataType = dataTypeOf(binding);
    const cannot = (reason: string) =>
        new Error(`${reason} Remove dataType '${dataType}' from the binding '${binding.name}'.`);
    switch (dataType) {
        case "binary":
            throw cannot("ScriptBinding type System.Byte[] is not supported.");
        case "stream":
            throw cannot(`Can't bind ${binding.type} to type 'System.IO.Stream'.`);
        case "string":
            if (!options.hasText) {
                throw cannot(`Can't bind ${binding.type} to type 'System.String'.`);
            }
            return { string: JSON.stringify(value) };
        case "undefined":
            return { json: JSON.stringify(value) };
    }
}
