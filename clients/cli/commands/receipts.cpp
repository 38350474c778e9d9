#include "clients/cli/commands.h"

#include <string>

// What the server has signed for this device: receipts.

namespace clients {

using events::Result;
using events::protocol::SignedReceipt;
namespace json = boost::json;

namespace {

/// Whether the server's key signed it and, for the chain that is in use, it names events of this
/// device.
bool holds(const Replica& replica, const SignedReceipt& receipt) {
  if (!is_authentic(receipt, replica.identity().server_key)) return false;
  if (receipt.chain != replica.identity().chain) return true;
  return receipt.upto_seq <= replica.own().head().seq &&
         replica.own().hash_at(receipt.upto_seq) == receipt.chain_hash;
}

Listing listing_of(const Replica& replica, bool* all_hold) {
  Listing listing{.columns = {{"epoch", "Đời sổ"},
                              {"chain", "Chuỗi"},
                              {"upto_seq", "Tới việc"},
                              {"position", "Vị trí trong sổ"},
                              {"root", "Mã gốc"},
                              {"signature", "Chữ ký"}},
                  .rows = {}};
  for (const SignedReceipt& receipt : replica.receipt_store().all()) {
    const bool good = holds(replica, receipt);
    *all_hold = *all_hold && good;
    listing.rows.push_back({json::value(receipt.epoch.value), json::value(receipt.chain.value),
                            json::value(receipt.upto_seq), json::value(receipt.position.value),
                            json::value(events::to_hex(receipt.root.bytes)),
                            named_cell(good ? "valid" : "wrong", good ? "đúng" : "SAI")});
  }
  return listing;
}

Result<int> run_receipts(Session& session, const NoOptions& /*options*/) {
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Replica& replica = (*device)->replica();
  bool all_hold = true;
  const Listing listing = listing_of(replica, &all_hold);
  const Result<int> shown = session.show(listing);
  if (!shown) return shown;
  if (!all_hold) {
    return events::Error{events::ErrorCode::storage_corrupt,
                         "Có biên nhận không khớp với chữ ký của máy chủ hoặc với sổ trên thiết "
                         "bị: hãy giữ nguyên thiết bị và báo người quản trị."};
  }
  if (session.options().json) return exit_ok;
  const std::uint64_t signed_upto = replica.receipt_store().covers(replica.identity().chain);
  const std::uint64_t own = replica.own().head().seq;
  if (own == 0) {
    print(session.out(), "Thiết bị này chưa ghi gì.\n");
  } else if (signed_upto >= own) {
    print(session.out(), "Máy chủ đã ký nhận cả {} việc của thiết bị này.\n", own);
  } else {
    print(session.out(),
          "Máy chủ đã ký nhận {} trên {} việc của thiết bị này; hãy chạy lệnh sync để gửi nốt.\n",
          signed_upto, own);
  }
  return exit_ok;
}

}  // namespace

void add_receipt_commands(CommandLine& line) {
  add_reading_command<NoOptions>(
      line, "receipts", "Biên nhận có chữ ký của máy chủ, và kiểm tra chúng",
      "  khuyenhoc --home may-xa receipts\n  khuyenhoc --home may-xa receipts --json",
      declare_nothing, run_receipts);
}

}  // namespace clients
