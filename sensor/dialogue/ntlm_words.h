/* NTLM's three messages as facts, whatever carries them. */
#pragma once

#include "sensor/dialogue/hearing.h"

/* One whole message. */
void ntlm_tell(struct hearing *hearing, struct span wire);
