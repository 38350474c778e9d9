#pragma once

#include "events/protocol/messages.h"

namespace test_support {

/// Fixed values of the frames that speak of receipts, restored servers and new chains; keys as in
/// tests/golden/README.md.
events::protocol::SignedReceipt a_signed_receipt();
events::protocol::NewChain a_new_chain_request();

}  // namespace test_support
