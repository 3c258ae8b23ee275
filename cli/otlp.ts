import { InvalidArgumentError, Option } from "commander";
import { OtlpError, type OtlpTarget, readOtlpTarget } from "../emulator/inspect/otlp/target";
import { UsageError } from "./words";

/** What `--otlp` may be: an address, or true for the one of the environment. */
export type OtlpFlag = string | true;

/** The option that sends what the inspector shows to a viewer of OpenTelemetry. */
export function otlpOption(): Option {
    return new Option(
        "--otlp [url]",
        "send traces, metrics and logs to this OTLP/HTTP receiver, such as http://localhost:4318 (Aspire's dashboard, Jaeger, Grafana); without an address, to OTEL_EXPORTER_OTLP_ENDPOINT; a key goes into OTEL_EXPORTER_OTLP_HEADERS",
    ).argParser(parseReceiver);
}

function parseReceiver(text: string): string {
    try {
        readOtlpTarget(text, {});
    } catch (error) {
        throw new InvalidArgumentError((error as Error).message.replace(/^--otlp/, "It"));
    }
    return text;
}

/** Where the export goes. Without the flag nothing leaves the machine, whatever the environment says: it may be there for another program. */
export function otlpTarget(flag: OtlpFlag | undefined): OtlpTarget | undefined {
    if (flag === undefined) {
        return undefined;
    }
    try {
        const target = readOtlpTarget(flag === true ? undefined : flag, process.env);
        if (target === undefined) {
            throw new OtlpError(
                "--otlp has no address: give one, such as --otlp http://localhost:4318, or set OTEL_EXPORTER_OTLP_ENDPOINT.",
            );
        }
        return target;
    } catch (error) {
        throw error instanceof OtlpError ? new UsageError(error.message) : error;
    }
}
