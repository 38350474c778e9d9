#pragma once

#include "tests/e2e/corpus_device.h"
#include "tests/e2e/server_child.h"

#include <cstddef>

namespace e2e {

/// Makes `blocks` more blocks and pushes until the server has acknowledged everything.
void push_blocks(CorpusDevice& device, const ServerChild& server, std::size_t blocks);

}  // namespace e2e
