#pragma once

#include "clients/web/bindings/page_calls.h"
#include "events/base/time.h"
#include "platform/random.h"
#include "tests/e2e/raw_web_socket.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace e2e {

/// What a page does with its module, without a browser: fields in, JSON out; rows go to a "disk"
/// before anything is sent, frames go over a real socket.  Pieces of files lie on the disk apart,
/// and the module gets them only when it wants them.
///
/// State: the disk outlives the module, which is loaded anew by restart().
/// Thread: one at a time.
class PagePeer {
 public:
  using Given = std::vector<std::pair<std::string, std::string>>;
  using Disk = std::map<std::string, std::string>;

  PagePeer();

  /// Makes the call, writes its rows, and gives what it answered; errors as they come.
  boost::json::object call(const std::string& name, const Given& given = {});
  /// The same, and expects that it is no error.
  boost::json::object expect(const std::string& name, const Given& given = {});
  /// The frames or the file of the last call.
  const events::Bytes& bytes() const { return bytes_; }

  /// The page is closed and opened again: a new module takes up what is on the disk.
  boost::json::object restart();

  /// Enrols over a socket to that port.
  void enrol(std::uint16_t port, const std::string& code, const std::string& label);
  /// Meets the server until both sides know everything; the last state of the connection.
  boost::json::object sync(std::uint16_t port);

  /// The same, and errors are an answer like any other.
  boost::json::object try_sync(std::uint16_t port);
  /// The same over HTTP, one exchange after another.
  boost::json::object sync_by_post(std::uint16_t port);
  /// Gives the module the files that it wants, and says whether there were any.
  bool give_files(const boost::json::object& state);
  /// Gets a new chain after a copy went on with the old one.
  void take_new_chain(std::uint16_t port);

  /// So many days pass for the page.
  void pass_days(std::int64_t days) {
    passed_ += static_cast<std::uint64_t>(days) * events::milliseconds_per_day;
  }

  Disk& disk() { return disk_; }
  events::ByteView master() const { return master_; }
  /// The pieces of files: digest and place in hexadecimal, sealed bytes.
  Disk& files() { return files_; }
  /// The stored pieces of a file, in their order.
  std::string pieces_of(const std::string& name) const;

  /// Keys that are drawn from now on are held here, as a browser holds them: the module gets their
  /// public halves and has signed what it wants signed.
  void hold_keys() { holds_keys_ = true; }
  /// The browser's store of keys is cleared.
  void lose_keys() { held_.clear(); }
  /// Signatures that were made so.
  std::size_t signatures() const { return signatures_; }

 private:
  void load();
  /// One call into the module.
  boost::json::object step(const std::string& name, const std::string& now, const Given& given);
  /// The public half of a new pair, where keys are held here.
  Given fresh_key();
  /// What was asked for, signed, as the module takes it; nothing when that key is not held here.
  std::optional<std::string> signed_by_browser(std::string_view request);
  /// Sends what the last call gave on a socket of its own, and gives the answer to `call`.
  void ask_for_chain(std::uint16_t port, const std::string& call);
  void write(const events::Bytes& rows);

  std::array<std::uint8_t, 32> master_ = platform::random_seed().bytes;
  Disk disk_;
  Disk files_;
  std::uint64_t passed_ = 0;  ///< Milliseconds.
  std::unique_ptr<clients::web::PageDevice> device_;
  events::Bytes bytes_;
  bool holds_keys_ = false;
  std::map<std::string, events::SigningKey> held_;  ///< By their public halves.
  std::size_t signatures_ = 0;
};

}  // namespace e2e
