"""What is being generated now, and whether the user wants it stopped."""

import datetime
import time


class State:
    """Flags and counters of the running job."""

    def __init__(self):
        self.skipped = False
        self.interrupted = False
        self.stopping_generation = False
        self.job = ""
        self.job_no = 0
        self.job_count = 0
        self.job_timestamp = "0"
        self.processing_has_refined_job_count = False
        self.sampling_step = 0
        self.sampling_steps = 0
        self.current_latent = None
        self.current_image = None
        self.current_image_sampling_step = 0
        self.id_live_preview = 0
        self.textinfo = None
        self.time_start = None
        self.server_start = time.time()

    def skip(self):
        """Stop the picture being sampled; the next batch goes on."""
        self.skipped = True

    def interrupt(self):
        """Stop the job now; the picture is what was reached."""
        self.interrupted = True

    def stop_generating(self):
        """Stop after the batch being sampled."""
        self.stopping_generation = True

    def nextjob(self):
        """One batch is done."""
        self.job_no += 1
        self.sampling_step = 0
        self.current_image_sampling_step = 0

    def begin(self, job: str = "(unknown)"):
        """Start a job: all flags and counters from the beginning."""
        server_start = self.server_start
        self.__init__()
        self.server_start = server_start
        self.time_start = time.time()
        self.job_count = -1
        self.job_timestamp = datetime.datetime.now().strftime("%Y%m%d%H%M%S")
        self.job = job

    def end(self):
        """The job is done."""
        self.job = ""
        self.job_count = 0

    def dict(self) -> dict:
        """The part of the state that the API shows."""
        names = ("skipped", "interrupted", "stopping_generation", "job", "job_count", "job_timestamp")
        return {name: getattr(self, name) for name in (*names, "job_no", "sampling_step", "sampling_steps")}

    def set_current_image(self):
        """Decode the latent reached so far into `current_image`, if the last one is old enough."""
        from modules import sd_samplers_common, shared

        period = shared.opts.show_progress_every_n_steps
        if self.current_latent is None or not shared.opts.live_previews_enable or period == -1:
            return
        if self.sampling_step - self.current_image_sampling_step >= period:
            self.current_image = sd_samplers_common.sample_to_image(self.current_latent)
            self.current_image_sampling_step = self.sampling_step
            self.id_live_preview += 1
