import assert from "node:assert/strict";
import { keySecretNames, secretNamePart } from "../../../components/hostKeys/keyStore";
import { extensionKeyName } from "../../../components/shared/serviceKinds";

describe("the key store", () => {
    it("spells key names as the Functions host does", () => {
        assert.equal(secretNamePart("socketio_extension"), "socketio-095extension");
        assert.equal(secretNamePart("a b.c"), "a-032b-046c");
        assert.equal(keySecretNames.system(extensionKeyName("socketio")), "host--systemKey--socketio-095extension");
        assert.equal(keySecretNames.defaultFunction, "host--functionKey--default");
    });
});
