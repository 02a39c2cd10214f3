/* The server of a flow as a signal's object: its best known name, else its address. Pure. */
#pragma once

#include "sensor/detect/detector.h"

/* `seen` is about a flow: its fact is of a kind that fact_names_of() knows names for. */
struct signal_object outside_server(const struct observation *seen);
