"""MLflow runs made from the files of an experiment; nothing outside this package knows MLflow.

Tracking reads what training, evaluation and the report wrote, and logs it after the fact: a
view of the files, never their source. Logging again changes nothing, and what a killed job left
half-written is completed.
"""

import os

# Read when MLflow is imported: no usage reports leave the machine, log lines go where the job's do.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_CONFIGURE_LOGGING", "false")
# A server that stops answering is reported in seconds, not after minutes of trying again.
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
