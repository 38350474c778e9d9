#pragma once

#include "clients/device/device.h"
#include "server/commit/pipeline.h"
#include "tools/bench/corpus.h"
#include "tools/bench/server_process.h"

#include <filesystem>
#include <memory>

namespace bench {

/// A second device of the corpus's officers, which was away while everything happened: it may read
/// the commune and the private records of its people, and has made no events.
///
/// Thread: one at a time.
class AwayDevice {
 public:
  /// Enrols it in a log that `corpus` founded and nobody else enrolled in.
  static void enrol(const Corpus& corpus, server::Pipeline& pipeline);

  /// A home in `directory`, as enrolment leaves it; the server is `server`.
  AwayDevice(const std::filesystem::path& directory, const Endpoint& server);

  clients::Device& device() { return *device_; }
  /// Loads everything again from its disk.
  void restart();

 private:
  std::filesystem::path home_;
  std::unique_ptr<clients::Device> device_;
};

}  // namespace bench
