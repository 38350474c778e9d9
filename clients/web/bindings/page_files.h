#pragma once

#include "clients/core/log/file_store.h"
#include "clients/core/log/row_table.h"
#include "clients/core/log/seals.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clients::web {

/// The files of evidence of a page.  Rows "F" say which are here, and how much of those that are
/// being fetched; the bytes lie in the browser's database, sealed piece by piece.  They come into
/// memory only when somebody gives them, and leave it when they were read: an old phone may have
/// forty photos that nobody has sent yet.
///
/// Format: docs/device_store.md, rows "F" and "B".
/// State:  changes of the stored pieces; the files that were asked for; those that were given,
/// until
///         they are read; the hash of each file that is being fetched.
/// Thread: one at a time.
class PageFiles final : public FileStore {
 public:
  /// Lifetime: both outlive it.
  PageFiles(RowTable& rows, Seals& seals) : rows_(rows), seals_(seals) {}

  events::Result<bool> contains(const events::Digest& sha256) const override;
  bool is_at_hand(const events::Digest& sha256) const override;
  void ask_for(const events::Digest& sha256) override { under_way_[sha256].is_asked = true; }
  /// What was given is forgotten when it was read.
  events::Result<std::optional<events::Bytes>> read(const events::Digest& sha256) const override;
  events::Result<void> put(const events::Digest& sha256, events::ByteView bytes) override;
  events::Result<std::uint32_t> begun(const events::Digest& sha256) const override;
  events::Result<void> append(const events::Digest& sha256, std::uint32_t offset,
                              events::ByteView bytes) override;
  events::Result<void> finish(const events::Digest& sha256) override;
  events::Result<void> erase(const events::Digest& sha256) override;
  events::Result<std::set<events::Digest>> all() const override;

  /// Files that somebody has to give, by their digests in hexadecimal.
  std::vector<std::string> asked() const;
  /// Gives a file that was asked for, by its digest in hexadecimal: its pieces as they are stored,
  /// in their order; nothing when they are gone.  A name that nobody asked for changes nothing.
  /// Errors:  locked.
  events::Result<void> give(std::string_view name, events::ByteView pieces);
  /// The bytes of a file for somebody who looks at it; nothing of them stays.
  /// Errors:  locked; storage_corrupt: they are not what was put.
  events::Result<events::Bytes> open(const events::Digest& sha256, events::ByteView pieces) const;
  /// The connection is over: nobody reads what was asked for.
  void stop_asking();
  /// The device is locked.
  void forget();

  /// Changes of pieces since the last call, under "B", in their order.
  std::vector<RowChange> take_changes() { return std::exchange(changes_, {}); }

 private:
  struct Here {
    bool is_whole = false;
    std::uint32_t size = 0;
  };
  struct UnderWay {
    bool is_asked = false;
    bool is_given = false;
    std::optional<events::Bytes> bytes;  ///< Given, and nothing: they are not what was put.
    std::optional<events::Sha256> hash;  ///< Of one that is being fetched.
  };

  std::optional<Here> here(const events::Digest& sha256) const;
  events::Result<void> note(const events::Digest& sha256, Here here);
  events::Result<void> add_piece(const events::Digest& sha256, std::uint32_t offset,
                                 events::ByteView bytes);
  void drop_pieces(const events::Digest& sha256);

  RowTable& rows_;
  Seals& seals_;
  std::vector<RowChange> changes_;
  mutable std::map<events::Digest, UnderWay> under_way_;
};

}  // namespace clients::web
