# SPDX-License-Identifier: Apache-2.0
"""Lines of health, of the doctor and of contacts against their schemas, where python3-jsonschema is there."""
import json
import pathlib

SENSOR = pathlib.Path(__file__).resolve().parents[2] / "sensor"
FILES = {
    "hinomi.contact/1": "app/contact.schema.json",
    "hinomi.doctor/1": "app/doctor.schema.json",
    "hinomi.health/1": "health/health.schema.json",
}


def schema(name):
    return json.loads((SENSOR / FILES[name]).read_text(encoding="utf-8"))


class Schemas:
    def __init__(self):
        self.validators = {}
        try:
            import jsonschema
        except ImportError:
            print("lines are not held against their schemas: python3-jsonschema is missing")
            return
        self.validators = {name: jsonschema.Draft202012Validator(schema(name)) for name in FILES}

    def hold(self, lines):
        for line in lines:
            assert line["schema"] in FILES, line
            if self.validators:
                self.validators[line["schema"]].validate(line)
        return lines
