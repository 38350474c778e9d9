#pragma once

// The clock and the random bytes of this machine stand in platform/; the commands include them
// here.
#include "platform/clock.h"
#include "platform/random.h"
