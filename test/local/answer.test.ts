import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { ReadResourceRequest, ReadResourceResponse, ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { startMonitor } from "../../local/engine/monitor";

/** A monitor whose resources and functions answer with what they were asked. */
async function withMonitor(use: (client: ResourceMonitorClient) => Promise<void>): Promise<void> {
    const monitor = await startMonitor({
        register: () => assert.fail("registers"),
        registerOutputs: () => undefined,
        read: ({ id, name }) => ({ urn: `urn:${name}`, id, values: {}, secrets: [] }),
        invoke: async ({ token, values }) => ({ values: { token, ...values }, secrets: [] }),
        log: () => undefined,
    });
    const client = new ResourceMonitorClient(monitor.address, grpc.credentials.createInsecure());
    try {
        await use(client);
    } finally {
        client.close();
        monitor.close();
    }
}

describe("an answer to a program", () => {
    const { invoke } = ResourceMonitorService;
    const { responseSerialize } = invoke;

    // The SDK's proto/resource_grpc_pb.js since 3.276: `invoke` takes a ResourceInvokeResponse, with the fields of an InvokeResponse.
    before(() => {
        invoke.responseSerialize = () => {
            throw new Error("Expected argument of type pulumirpc.ResourceInvokeResponse");
        };
    });
    after(() => {
        invoke.responseSerialize = responseSerialize;
    });

    it("reaches a program whose SDK has another class for it", () =>
        withMonitor(async (client) => {
            const request = new ResourceInvokeRequest().setTok("a:b:c").setArgs(Struct.fromJavaScript({ size: 2 }));
            const answer = await new Promise<InvokeResponse>((resolve, reject) =>
                client.invoke(request, (error, found) => (error ? reject(error) : resolve(found))),
            );
            assert.deepEqual(answer.getReturn()?.toJavaScript(), { token: "a:b:c", size: 2 });
        }));

    it("holds the id of a resource that was read, where the SDK has a field for it", async () => {
        const ids: string[] = [];
        const prototype = ReadResourceResponse.prototype as { setId?(id: string): void };
        const { setId } = prototype;
        prototype.setId = (id) => void ids.push(id);
        try {
            await withMonitor(async (client) => {
                const request = new ReadResourceRequest().setType("a:b:C").setName("c").setId("/known");
                const answer = await new Promise<ReadResourceResponse>((resolve, reject) =>
                    client.readResource(request, (error, found) => (error ? reject(error) : resolve(found))),
                );
                assert.deepEqual([answer.getUrn(), ids], ["urn:c", ["/known"]]);
            });
        } finally {
            delete prototype.setId;
            Object.assign(prototype, setId && { setId });
        }
    });
});
