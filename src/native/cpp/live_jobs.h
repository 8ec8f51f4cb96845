// The jobs of one environment that may still run; none may outlive it.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "job.h"

namespace famfs {

class LiveJobs {
 public:
  void add(const std::shared_ptr<Job>& job) {
    const auto isOver = [](const std::weak_ptr<Job>& one) { return one.expired(); };
    jobs_.erase(std::remove_if(jobs_.begin(), jobs_.end(), isOver), jobs_.end());
    jobs_.push_back(job);
  }

  void stopAll() {
    for (const std::weak_ptr<Job>& one : jobs_) {
      if (const auto job = one.lock()) {
        job->cancel();
        job->waitForEnd();
      }
    }
    jobs_.clear();
  }

 private:
  std::vector<std::weak_ptr<Job>> jobs_;
};

}  // namespace famfs
