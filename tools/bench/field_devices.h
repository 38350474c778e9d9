#pragma once

#include "clients/device/device.h"
#include "tools/bench/server_process.h"
#include "tools/pilot/field_work.h"
#include "tools/pilot/provision.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace bench {

/// A server over TLS, and the pilot's devices as real users have them: each a folder with a store
/// of its own, enrolled and in step, nothing recorded yet.
///
/// Errors:  anything that goes wrong ends the program.
class FieldDevices {
 public:
  /// `directory`: for the server's data and the devices' folders; must not exist.
  explicit FieldDevices(const std::filesystem::path& directory);

  const ServerProcess& server() const { return *server_; }
  std::size_t communes() const { return communes_.size(); }
  clients::Device& commune(std::size_t index) { return *communes_[index]; }
  /// Of the association above, which reads what all communes write.
  clients::Device& city() { return *city_; }
  /// Citizens as the pilot has them.  `citizens_max`: the first ones of the commune.
  pilot::FieldWork register_citizens(std::size_t commune, std::uint64_t seed,
                                     std::size_t citizens_max);

 private:
  std::unique_ptr<clients::Device> enrol(const std::filesystem::path& home,
                                         const std::string& code);

  std::optional<ServerProcess> server_;
  pilot::Setup setup_;
  std::unique_ptr<clients::Device> city_;
  std::vector<std::unique_ptr<clients::Device>> communes_;
};

}  // namespace bench
