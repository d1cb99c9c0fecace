from patient import PatientWorker as worker_class  # an ASGI worker
