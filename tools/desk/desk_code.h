/*
 * Codes of enrolment are drawn here: 100 random bits as 20 characters of Crockford's base32, shown
 * in four groups. What is proved with them is sensor/delivery/enrol_proof.h's. Any thread, after
 * sign_start().
 */
#pragma once

#include "sensor/delivery/enrol_proof.h"

enum { DESK_CODE_SHOWN_LEN = 24 }; /* XXXXX-XXXXX-XXXXX-XXXXX, with its NUL */

void desk_code_make(char code[static ENROL_CODE_LEN]);
void desk_code_show(const char code[static ENROL_CODE_LEN], char out[static DESK_CODE_SHOWN_LEN]);
