#pragma once

#include "core/request/progress.h"
