/* A Kerberos message as a fact, whatever carries it. */
#pragma once

#include "dissectors/kerberos.h"
#include "sensor/dialogue/hearing.h"

void kerberos_tell(struct hearing *hearing, const struct kerberos *message);
