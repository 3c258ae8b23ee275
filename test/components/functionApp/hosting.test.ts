import assert from "node:assert/strict";
import { FunctionRuntime } from "../../../components";
import {
    alwaysReadyNameRule,
    defaultRuntimeVersion,
    instanceMemoryRule,
    linuxFxVersion,
    maximumInstancesRule,
    runtimeVersionRule,
} from "../../../components/functionApp/hosting";

describe("hosting", () => {
    for (const runtime of Object.values(FunctionRuntime)) {
        it(`has a default version of ${runtime} that it allows`, () => {
            assert.equal(runtimeVersionRule(runtime)(defaultRuntimeVersion(runtime)), undefined);
        });
    }

    it("names the versions of a runtime", () => {
        assert.equal(runtimeVersionRule("node")("18"), '"18" is not a version of node. Allowed: 20, 22.');
    });

    it("spells a runtime as an Elastic Premium app wants it", () => {
        assert.equal(linuxFxVersion({ runtime: "dotnet-isolated", version: "9.0" }), "DOTNET-ISOLATED|9.0");
    });

    it("has three sizes of instances", () => {
        assert.deepEqual([512, 2048, 4096].map(instanceMemoryRule), [undefined, undefined, undefined]);
        assert.equal(instanceMemoryRule(1024), "1024 is not an instance size. Allowed: 512, 2048, 4096 MB.");
    });

    it("scales within the limits of its plan", () => {
        assert.equal(maximumInstancesRule.FlexConsumption(40), undefined);
        assert.match(maximumInstancesRule.FlexConsumption(39) ?? "", /from 40 to 1000/);
        assert.match(maximumInstancesRule.ElasticPremium(101) ?? "", /from 1 to 100/);
    });

    for (const [name, fine] of Object.entries({ http: true, "function:tick": true, "function:": false, all: false })) {
        it(`${fine ? "takes" : "refuses"} always ready ${name}`, () =>
            assert.equal(alwaysReadyNameRule(name) === undefined, fine));
    }
});
